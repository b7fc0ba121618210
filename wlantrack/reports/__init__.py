"""What is printed: dataclasses in, PDF and printers' languages out."""

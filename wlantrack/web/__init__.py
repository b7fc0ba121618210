"""Pages: a folder a feature; thin routes over services."""

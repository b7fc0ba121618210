"""Labels with QR codes, and the short addresses that these carry."""

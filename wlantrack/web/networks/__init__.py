"""Pages of networks: SSIDs and where they are on air, VLANs, flows."""

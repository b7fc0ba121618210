"""wlantrack plans and tracks the roll-out of WLAN over the buildings of a city."""

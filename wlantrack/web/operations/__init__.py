"""What those who run the program ask it: is it alive, is it ready, how does it fare."""

"""Pages of what the roll-out rests on: decisions, posts, money, trainings, support, devices, risks."""

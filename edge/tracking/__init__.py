"""Following road users on the ground plane, in metres and seconds: who is who from one frame to the next. Pure."""

"""What a patch run costs, side by side with what people would use instead."""

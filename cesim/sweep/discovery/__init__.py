"""Which futures does it happen in? Boxes of inputs, best compromises and worst runs, told and written back."""

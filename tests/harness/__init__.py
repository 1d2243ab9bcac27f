"""What the system tests share: a page walker, readers of PE files and of the kernel's memory, the oracle."""

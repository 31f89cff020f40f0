"""From equations to machine code: derivatives, elimination order, steps, LLVM, and the driver of lanes."""

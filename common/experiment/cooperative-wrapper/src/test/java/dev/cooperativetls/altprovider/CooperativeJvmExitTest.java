package dev.cooperativetls.altprovider;

/** The same with the wrapper on the class path: its hub is another thread that must not keep a JVM alive. */
class CooperativeJvmExitTest extends JvmExitTest {}

package dev.cooperativetls.wrapper;

import dev.cooperativetls.testkit.JvmExitContract;

class CooperativeJvmExitTest extends JvmExitContract {}

package dev.cooperativetls.wrapper;

import dev.cooperativetls.testkit.JvmExitContract;

class PatchedJvmExitTest extends JvmExitContract {}

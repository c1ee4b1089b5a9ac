package dev.cooperativetls.altprovider;

import dev.cooperativetls.testkit.JvmExitContract;

class BareJvmExitTest extends JvmExitContract {}

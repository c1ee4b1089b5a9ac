package dev.cooperativetls.verdict;

import java.util.concurrent.locks.LockSupport;

/** Classes whose initialisers park. In an initialiser a virtual thread cannot leave its carrier. */
final class Initialisers {

    static volatile long nanos;

    private Initialisers() {}

    private static int park() {
        LockSupport.parkNanos(nanos);
        return 1;
    }

    /** Initialises one of eight classes. */
    static int initialise(int which) {
        return switch (which) {
            case 0 -> A.VALUE;
            case 1 -> B.VALUE;
            case 2 -> C.VALUE;
            case 3 -> D.VALUE;
            case 4 -> E.VALUE;
            case 5 -> F.VALUE;
            case 6 -> G.VALUE;
            default -> H.VALUE;
        };
    }

    private static final class A {
        static final int VALUE = park();
    }

    private static final class B {
        static final int VALUE = park();
    }

    private static final class C {
        static final int VALUE = park();
    }

    private static final class D {
        static final int VALUE = park();
    }

    private static final class E {
        static final int VALUE = park();
    }

    private static final class F {
        static final int VALUE = park();
    }

    private static final class G {
        static final int VALUE = park();
    }

    private static final class H {
        static final int VALUE = park();
    }
}

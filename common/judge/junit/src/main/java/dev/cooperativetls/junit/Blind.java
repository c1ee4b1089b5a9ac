package dev.cooperativetls.junit;

/** Nothing can be told of this JVM's carriers. The message says why. */
final class Blind extends Exception {

    private static final long serialVersionUID = 1L;

    Blind(String reason) {
        super(reason);
    }
}

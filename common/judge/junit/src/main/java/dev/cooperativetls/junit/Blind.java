package dev.cooperativetls.junit;

/** A failure to observe this JVM's carriers. The message has the reason. */
final class Blind extends Exception {

    private static final long serialVersionUID = 1L;

    Blind(String reason) {
        super(reason);
    }
}

package dev.cooperativetls.report;

import java.util.Locale;

/**
 * What a page is at, in the order in which it comes to it. The colours differ in lightness, neighbours the most, so
 * that the phases can be told apart without seeing colours.
 */
public enum Phase {
    /** The TCP connection is being opened. */
    CONNECT(0x3d444d, 0xd3d8de),
    /** The TLS handshake; a page over plain HTTP has none. */
    HANDSHAKE(0xc0853f, 0x94703f),
    /** The request is out, and the response has not begun. */
    WAITING(0x1f5fa8, 0x5fa5ea),
    /** The body of the response is being read. */
    READING(0x0b1b2e, 0xffffff);

    private final int onLight;
    private final int onDark;

    Phase(int onLight, int onDark) {
        this.onLight = onLight;
        this.onDark = onDark;
    }

    /** Its name for people. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its colour, as {@code 0xRRGGBB}. */
    public int colour(Theme theme) {
        return switch (theme) {
            case LIGHT -> onLight;
            case DARK -> onDark;
        };
    }
}

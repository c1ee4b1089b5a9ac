package dev.cooperativetls.report;

import java.util.Locale;

/**
 * The phases of a page, in their order. The colours differ in lightness, neighbours most of all, so that the phases can
 * be distinguished without seeing colours.
 */
public enum Phase {
    /** The TCP connection is being opened. */
    CONNECT(0x3d444d, 0xd3d8de),
    /** The TLS handshake. A page over plain HTTP has none. */
    HANDSHAKE(0xc0853f, 0x94703f),
    /** The request has been sent, and the response has not begun. */
    WAITING(0x1f5fa8, 0x5fa5ea),
    /** The body of the response is being read. */
    READING(0x0b1b2e, 0xffffff);

    private final int onLight;
    private final int onDark;

    Phase(int onLight, int onDark) {
        this.onLight = onLight;
        this.onDark = onDark;
    }

    /** Returns the name of the phase for people. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the colour of the phase, as {@code 0xRRGGBB}. */
    public int colour(Theme theme) {
        return switch (theme) {
            case LIGHT -> onLight;
            case DARK -> onDark;
        };
    }
}

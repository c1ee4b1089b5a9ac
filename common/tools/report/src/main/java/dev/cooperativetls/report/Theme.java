package dev.cooperativetls.report;

/** The colours of a picture and its background, as {@code 0xRRGGBB}. */
public enum Theme {
    LIGHT(0xffffff, 0x1c2024, 0xd5dae0),
    DARK(0x14171a, 0xe6e8ea, 0x3b4249);

    private final int background;
    private final int text;
    private final int rule;

    Theme(int background, int text, int rule) {
        this.background = background;
        this.text = text;
        this.rule = rule;
    }

    int background() {
        return background;
    }

    int text() {
        return text;
    }

    /** Returns the colour of grid lines and borders. */
    int rule() {
        return rule;
    }
}

package dev.cooperativetls.report;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The contrast of colours, as defined by WCAG 2. */
final class Colours {

    private static final Pattern CSS = Pattern.compile("rgba?\\((\\d+), ?(\\d+), ?(\\d+)(, ?1)?\\)");

    private Colours() {}

    /** Returns the contrast of two colours, from 1 (the same colour) to 21 (black and white). */
    static double contrast(int one, int other) {
        double[] luminances = {luminance(one), luminance(other)};
        Arrays.sort(luminances);
        return (luminances[1] + 0.05) / (luminances[0] + 0.05);
    }

    /** Converts an opaque colour from a browser's text to {@code 0xRRGGBB}. */
    static int ofCss(String text) {
        Matcher colour = CSS.matcher(text);
        if (!colour.matches()) {
            throw new IllegalArgumentException("not an opaque colour: " + text);
        }
        return Integer.parseInt(colour.group(1)) << 16 | Integer.parseInt(colour.group(2)) << 8
                | Integer.parseInt(colour.group(3));
    }

    private static double luminance(int rgb) {
        return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8 & 0xff) + 0.0722 * linear(rgb & 0xff);
    }

    private static double linear(int channel) {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }
}

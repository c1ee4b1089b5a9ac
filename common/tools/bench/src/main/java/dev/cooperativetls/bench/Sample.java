package dev.cooperativetls.bench;

import java.util.Collection;
import java.util.Locale;

/** Several measurements of one figure. */
record Sample(double median, double least, double most) {

    /**
     * Returns the median, the least and the greatest of some measurements.
     *
     * @throws IllegalArgumentException if there is no measurement
     */
    static Sample of(Collection<Double> measurements) {
        double[] sorted = measurements.stream().mapToDouble(each -> each).sorted().toArray();
        int count = sorted.length;
        if (count == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        return new Sample((sorted[(count - 1) / 2] + sorted[count / 2]) / 2, sorted[0], sorted[count - 1]);
    }

    /** Returns a text such as "0.123 (0.120 to 0.180)". */
    String toString(int decimals) {
        String number = "%." + decimals + "f";
        return String.format(Locale.ROOT, number + " (" + number + " to " + number + ")", median, least, most);
    }
}

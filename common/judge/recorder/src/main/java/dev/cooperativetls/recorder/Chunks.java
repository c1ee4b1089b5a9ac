package dev.cooperativetls.recorder;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** The headers of a recording's chunks. The JDK's own reader does not report that a file is cut off. */
final class Chunks {

    private static final int MAGIC = 0x464c5200; // FLR and a zero
    private static final int HEADER = 68;

    private Chunks() {}

    /**
     * Returns the time from the beginning of the first chunk to the end of the last.
     *
     * @throws IOException if the file cannot be read, is no recording or is not complete; the message gives the reason
     */
    static Interval time(Path recording) throws IOException {
        long length = Files.size(recording);
        if (length == 0) {
            throw new IOException("it is empty");
        }
        Instant from = Instant.MAX;
        Instant to = Instant.MIN;
        try (var file = new RandomAccessFile(recording.toFile(), "r")) {
            for (long start = 0; start < length;) {
                if (length - start < HEADER) {
                    throw new IOException(start == 0 ? "it is no flight recording" : "it is cut off");
                }
                file.seek(start);
                if (file.readInt() != MAGIC) {
                    throw new IOException(start == 0 ? "it is no flight recording" : "it is damaged");
                }
                file.skipBytes(Short.BYTES + Short.BYTES);
                long size = file.readLong();
                file.skipBytes(Long.BYTES + Long.BYTES);
                Instant began = Instant.EPOCH.plusNanos(file.readLong());
                Instant ended = began.plusNanos(file.readLong());
                if (size < HEADER || size > length - start) {
                    throw new IOException("it is cut off, or still being written");
                }
                from = Interval.earlier(from, began);
                to = Interval.later(to, ended);
                start += size;
            }
        }
        return new Interval(from, to);
    }
}

package dev.cooperativetls.verdict;

import dev.cooperativetls.recorder.Jar;
import java.time.Instant;
import java.util.List;

/**
 * What a program tells of itself when its run begins.
 *
 * @param time when
 * @param urlCount how many pages it was asked for
 * @param carriers how many carrier threads its virtual threads have
 * @param jdk the version of its runtime
 * @param provider whose {@code SSLContext} is in force
 * @param jars its class path; null if it was not asked to tell
 * @param sslContexts whose contexts there are; null if it was not asked to tell
 */
public record Start(Instant time, int urlCount, int carriers, String jdk, Provider provider, List<Jar> jars,
        SslContexts sslContexts) {

    /** A TLS provider. */
    public record Provider(String name, String info) {

        @Override
        public String toString() {
            return info == null ? name : name + ": " + info;
        }
    }

    /** Whose {@code SSLContext} is in force, and whose would be without what is on the class path, in words. */
    public record SslContexts(String inForce, String withoutClassPath) {}
}

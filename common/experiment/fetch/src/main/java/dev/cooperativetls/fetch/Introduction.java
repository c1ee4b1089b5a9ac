package dev.cooperativetls.fetch;

import dev.cooperativetls.recorder.Jar;
import java.util.List;

/**
 * What is told before the run.
 *
 * @param provider the TLS provider in force
 * @param jars the class path; null if nobody asked
 * @param contexts whose contexts there are; null if nobody asked
 */
record Introduction(TlsProvider provider, List<Jar> jars, SslContexts contexts) {}

package dev.cooperativetls.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A class path and the settings of the program {@code fetch} on it. Everything else is the same for all candidates. */
enum Candidate {
    STAGE_00("stage-00"),
    STAGE_02("stage-02", "-Dcooperativetls.readCall=read"),
    STAGE_04("stage-04", "-Dcooperativetls.readCall=readInto"),
    /** Differs from stage-00 only in the sockets and in the wait, because both use the same TLS engine. */
    STAGE_04_JDK_ENGINE("stage-04", "-Dcooperativetls.readCall=readInto", "-Dcooperativetls.engine=jdk"),
    /** The JDK's HTTP client, which drives an engine of the JDK's TLS from one selector thread. */
    JAVA_NET_HTTP("stage-00") {
        @Override
        List<String> fetchOptions() {
            return List.of("--client", "java.net.http", "--http1");
        }

        @Override
        String classPath() throws IOException {
            Path clients = Built.file("common/experiment/http-clients/target/http-clients.jar");
            return String.join(File.pathSeparator, super.classPath(), clients.toString(),
                    clients.resolveSibling("lib").resolve("*").toString());
        }
    };

    private final String stage;
    private final List<String> jvmOptions;

    Candidate(String stage, String... jvmOptions) {
        this.stage = stage;
        this.jvmOptions = List.of(jvmOptions);
    }

    /** Returns the options of the candidate's JVM. */
    List<String> jvmOptions() {
        return jvmOptions;
    }

    /** Returns the candidate's options for {@code fetch}. */
    List<String> fetchOptions() {
        return List.of("--channel-sockets"); // as in run-stages
    }

    /**
     * Returns the candidate's class path, with this module's classes and without this module's libraries.
     *
     * @throws IOException if a jar has not been built
     */
    String classPath() throws IOException {
        return Built.file("%s/target/%s.jar".formatted(stage, stage)) + File.pathSeparator
                + Built.file("common/tools/bench/target/classes");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

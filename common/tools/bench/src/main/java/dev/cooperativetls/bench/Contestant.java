package dev.cooperativetls.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Who is measured: a class path, and a client on it. All are measured with the same options of the JVM. */
enum Contestant {
    STAGE_00("stage-00", "read-into"),
    STAGE_02("stage-02", "read"),
    STAGE_04("stage-04", "read-into"),
    /** The program of the stages on BouncyCastle's own sockets, which wait in the JDK's. */
    BOUNCYCASTLE("stage-00", "read-into"),
    /** The JDK's client, which drives an engine of the JDK's TLS from a selector of its own. */
    JAVA_NET_HTTP("stage-00", "read-into");

    private final String stage;
    private final String readCall;

    Contestant(String stage, String readCall) {
        this.stage = stage;
        this.readCall = readCall;
    }

    /** The read call of the program's sockets, as its option has it; of meaning to the stages with a wrapper. */
    String readCall() {
        return readCall;
    }

    /** The command that starts the measured program; its arguments follow. */
    List<String> command(Path root, List<String> jvmOptions) {
        Path bench = root.resolve("common/tools/bench/target");
        Stream<Path> classPath = Stream.of(root.resolve("%s/target/%s.jar".formatted(stage, stage)),
                bench.resolve("classes")); // the jar would bring its own libraries along
        if (this == BOUNCYCASTLE) {
            classPath = Stream.concat(classPath, Stream.of(bench.resolve("bouncycastle/*")));
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:-UsePerfData");
        // What the stages' manifests say for `java -jar`, whether there is anybody who polls or not.
        command.addAll(List.of("--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath.map(Path::toString).toList()),
                MeasuredProgram.class.getName(), name()));
        return command;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package dev.cooperativetls.realclients;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whose TLS a run has: the columns of the README's table. */
enum Form {
    JDK_TLS("JDK's TLS", null),
    ALT_PROVIDER("alt provider", null),
    WRAPPER("+ wrapper", "unpatched"),
    PATCHED_WRAPPER("+ patched wrapper", "patched");

    private final String title;
    private final String wrapperFolder;

    Form(String title, String wrapperFolder) {
        this.title = title;
        this.wrapperFolder = wrapperFolder;
    }

    /** The program, its libraries, the provider among them, and the wrapper if there is one. */
    String classPath() {
        Path target = Path.of("target").toAbsolutePath();
        List<String> entries = new ArrayList<>(List.of(target + "/real-clients.jar", target + "/lib/*"));
        if (wrapperFolder != null) {
            entries.add(target + "/" + wrapperFolder + "/*");
        }
        return String.join(File.pathSeparator, entries);
    }

    static String[] jvmOptions() {
        return new String[] {
            // A run of seconds is over before the second compiler or a parallel collector pays.
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
            "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"
        };
    }

    /** The program's, beside those of every run. */
    String[] arguments() {
        return this == JDK_TLS ? new String[] {"--jdk-tls"} : new String[0];
    }

    @Override
    public String toString() {
        return title;
    }
}

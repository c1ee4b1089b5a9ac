package dev.cooperativetls.recorder;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedClassLoader;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedObject;

/**
 * A frame of a stack.
 *
 * @param type the name of the class
 * @param method the name of the method
 * @param owner whose code it is
 * @param isNative whether the method is native
 * @param line its line in the source; negative if that is not known
 */
record Frame(String type, String method, Owner owner, boolean isNative, int line) {

    /** A line of a thread dump, such as {@code at a.B.c(java.base@25/B.java:1)}. */
    private static final Pattern DUMPED = Pattern.compile(
            "\\s*at (?<type>\\S+)\\.(?<method>[^.(]+)\\(((?<module>[^/)]*)/)?(?<where>[^:)]*)(:(?<line>\\d+))?\\)");

    /** Names of hidden classes contain an address, and names of proxies a number. Both differ from run to run. */
    private static final Pattern GENERATED = Pattern.compile("(?<host>.*?)(\\$\\$Lambda)?[./]0x\\p{XDigit}+");
    private static final Pattern PROXY = Pattern.compile("(.*\\.)?\\$Proxy\\d+");
    private static final Pattern LAMBDA = Pattern.compile("lambda\\$(?<in>.+)\\$\\d+");

    /** The method name of a class initialiser. */
    static final String CLASS_INITIALISER = "<clinit>";

    private static final int UNKNOWN = -1;

    enum Owner {
        JDK, USER,
        /** Generated at run time for a lambda expression or a proxy. Its callers and what it calls are the user's. */
        GENERATED
    }

    static Frame of(RecordedFrame frame) {
        RecordedClass type = frame.getMethod().getType();
        return of(type.getName(), frame.getMethod().getName(), isOfTheJdk(type), "Native".equals(frame.getType()),
                frame.getLineNumber());
    }

    /** Returns the frame in this line of a thread dump; null if the line has none. */
    static Frame of(String line) {
        Matcher dumped = DUMPED.matcher(line);
        return dumped.matches() ? of(dumped.group("type"), dumped.group("method"), isOfTheJdk(dumped.group("module")),
                dumped.group("where").equals("Native Method"),
                dumped.group("line") == null ? UNKNOWN : Integer.parseInt(dumped.group("line"))) : null;
    }

    static Frame of(String type, String method, boolean ofTheJdk, boolean isNative) {
        return of(type, method, ofTheJdk, isNative, UNKNOWN);
    }

    private static Frame of(String type, String method, boolean ofTheJdk, boolean isNative, int line) {
        boolean generated = GENERATED.matcher(type).matches() || PROXY.matcher(type).matches();
        return new Frame(type, method, ofTheJdk ? Owner.JDK : generated ? Owner.GENERATED : Owner.USER, isNative,
                line);
    }

    /**
     * Returns whether the class belongs to the JDK. Its name does not show that: {@code com.sun.jna} is not the JDK's,
     * and {@code org.xml.sax} is. The module alone does not either: a library may name its module {@code java.mail}.
     */
    private static boolean isOfTheJdk(RecordedClass type) {
        RecordedClassLoader loader = type.getClassLoader();
        String loadedBy = loader == null ? "bootstrap" : loader.getName(); // hidden classes of the JDK have no loader
        RecordedObject inPackage = type.getValue("package");
        RecordedObject module = inPackage == null ? null : inPackage.getValue("module");
        String name = module == null ? null : module.getString("name");
        return isOfTheJdk(name) && ("bootstrap".equals(loadedBy) || "platform".equals(loadedBy)
                || name.startsWith("jdk.")); // the JDK's tools are loaded by the application's loader
    }

    private static boolean isOfTheJdk(String module) {
        return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
    }

    boolean isTheUsers() {
        return owner == Owner.USER;
    }

    boolean isOfTheJdk() {
        return owner == Owner.JDK;
    }

    /** Returns class and method, the same in each run. A lambda expression has the name of the method around it. */
    String name() {
        Matcher generated = GENERATED.matcher(type);
        if (owner == Owner.GENERATED && generated.matches()) {
            return generated.group("host") + "." + method;
        }
        Matcher lambda = LAMBDA.matcher(method);
        return type + "." + (lambda.matches() ? enclosing(lambda.group("in")) : method);
    }

    /** Translates the compiler's words for constructors and class initialisers. */
    private static String enclosing(String method) {
        return switch (method.toLowerCase(Locale.ROOT)) {
            case "new" -> "<init>";
            case "static" -> CLASS_INITIALISER;
            default -> method;
        };
    }

    /** Returns the frame of a stack trace, without the file name, which a recording does not have. */
    StackTraceElement element() {
        return new StackTraceElement(type, method, null, isNative ? -2 : line);
    }

    @Override
    public String toString() {
        return type + "." + method;
    }
}

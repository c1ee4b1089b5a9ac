package dev.cooperativetls.recorder;

/**
 * A jar on a class path.
 *
 * @param name its file's name without version and ending
 * @param version from its file's name, or else from its manifest; null if neither tells
 */
public record Jar(String name, String version) {

    @Override
    public String toString() {
        return version == null ? name : name + " " + version;
    }
}

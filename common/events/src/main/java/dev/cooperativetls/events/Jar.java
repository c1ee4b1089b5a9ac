package dev.cooperativetls.events;

/**
 * A jar on a class path.
 *
 * @param name the file name without version and extension
 * @param version the version from the file name, or else from the manifest; null if neither has one
 */
public record Jar(String name, String version) {

    @Override
    public String toString() {
        return version == null ? name : name + " " + version;
    }
}

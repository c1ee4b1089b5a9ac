package dev.cooperativetls.bench;

/**
 * What waiting pages hold.
 *
 * @param pages that waited at once
 * @param before what the JVM held when it had fetched one page, and waited for none
 * @param peak what it held while all of them waited
 */
record Memory(int pages, Held before, Held peak) {

    double heapBytesPerPage() {
        return (double) (peak.heapBytes() - before.heapBytes()) / pages;
    }

    double rssBytesPerPage() {
        return (double) (peak.rssBytes() - before.rssBytes()) / pages;
    }
}

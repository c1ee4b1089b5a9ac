/**
 * The program: concurrent GETs over HTTP or HTTPS, one virtual thread a page, the same in every stage.
 *
 * <p>It shows that nothing in a program need change for its TLS to change: {@link dev.cooperativetls.fetch.Fetch} names
 * no TLS provider, takes whatever lies on the class path, and says which it took.
 */
package dev.cooperativetls.fetch;

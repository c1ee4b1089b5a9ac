/**
 * The program of all stages: concurrent GETs over HTTP or HTTPS, one virtual thread per page.
 *
 * <p>{@link dev.cooperativetls.fetch.Fetch} names no TLS provider. It installs the one on the class path and says which
 * one that is. Its HTTP client is a service, {@link dev.cooperativetls.fetch.PageClient}.
 */
package dev.cooperativetls.fetch;

/**
 * The program of all stages: concurrent GETs over HTTP or HTTPS, one virtual thread per page.
 *
 * <p>{@link dev.cooperativetls.fetch.Fetch} names no TLS provider. It installs the provider on the class path and
 * prints its name. The HTTP client is a service, {@link dev.cooperativetls.fetch.PageClient}.
 */
package dev.cooperativetls.fetch;

/** More HTTP clients for {@code fetch}: each is one class that implements its service. */
package dev.cooperativetls.httpclients;

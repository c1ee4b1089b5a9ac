/** More HTTP clients for {@code fetch}. Each client is one class that implements {@code PageClient}. */
package dev.cooperativetls.httpclients;

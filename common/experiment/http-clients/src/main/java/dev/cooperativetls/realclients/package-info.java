/** Four HTTP clients as they are, each given the TLS that comes first in the JVM. */
package dev.cooperativetls.realclients;

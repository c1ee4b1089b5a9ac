/** What single calls cost, by JMH: a wait, and the reading of a body. */
package dev.cooperativetls.bench.calls;

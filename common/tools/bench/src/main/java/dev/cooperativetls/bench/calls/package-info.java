/** JMH benchmarks of single calls: a wait, and reading a body. */
package dev.cooperativetls.bench.calls;

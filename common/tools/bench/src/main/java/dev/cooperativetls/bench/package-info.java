/** A benchmark of the stages: the time and the memory that concurrent pages cost beyond their delay. */
package dev.cooperativetls.bench;

/** Draws results: the verdict table, the waterfall of a run's pages, and the page that shows all of it. */
package dev.cooperativetls.report;

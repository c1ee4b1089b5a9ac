/** Pictures and HTML pages of results: the waterfall of a run's pages, and the page that shows all runs. */
package dev.cooperativetls.report;

/**
 * Socket contracts, scripted peers and certificates, for the tests of other modules. The contracts know the provider
 * under test only as a user does: by JSSE, by its name on the class path and by its system properties.
 */
package dev.cooperativetls.testkit;

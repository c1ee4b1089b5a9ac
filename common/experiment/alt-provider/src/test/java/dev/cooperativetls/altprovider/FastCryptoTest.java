package dev.cooperativetls.altprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.NoSuchAlgorithmException;
import org.bouncycastle.jcajce.util.JcaJceHelper;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.junit.jupiter.api.Test;

/** Whose cryptography it is, that BouncyCastle's engine uses. */
class FastCryptoTest {

    private final FastCrypto crypto = new FastCrypto();
    private final JcaJceHelper algorithms = crypto.getHelper();

    @Test
    void what_the_JVM_has_is_the_JVMs() throws Exception {
        assertThat(algorithms.createCipher("AES/GCM/NoPadding").getProvider().getName()).isEqualTo("SunJCE");
        assertThat(algorithms.createMac("HmacSHA256").getProvider().getName()).isEqualTo("SunJCE");
        assertThat(algorithms.createSignature("SHA256withECDSA").getProvider().getName()).isEqualTo("SunEC");
        assertThat(algorithms.createSignature("SHA256WITHRSAANDMGF1").getProvider().getName()).isEqualTo("SunRsaSign");
    }

    @Test
    void a_cipher_that_the_JVM_lacks_is_BouncyCastles() throws Exception {
        assertThat(algorithms.createCipher("AES/CCM/NoPadding").getProvider()).isInstanceOf(BouncyCastleProvider.class);
    }

    @Test
    void what_neither_has_is_nobodys() {
        assertThatThrownBy(() -> algorithms.createCipher("ROT13")).isInstanceOf(NoSuchAlgorithmException.class);
        assertThatThrownBy(() -> algorithms.createSignature("ROT13")).isInstanceOf(NoSuchAlgorithmException.class);
    }

    @Test
    void without_a_source_of_randomness_there_is_one_nevertheless() {
        JcaTlsCrypto made = crypto.create(null);
        assertThat(made.getSecureRandom()).isNotNull();
    }
}

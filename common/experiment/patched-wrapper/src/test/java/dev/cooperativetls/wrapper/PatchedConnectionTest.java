package dev.cooperativetls.wrapper;

import dev.cooperativetls.testkit.ConnectionContracts;
import dev.cooperativetls.testkit.WrapperForm;

class PatchedConnectionTest implements ConnectionContracts {

    @Override
    public WrapperForm form() {
        return WrapperForm.PATCHED;
    }
}

package dev.cooperativetls.wrapper;

import dev.cooperativetls.testkit.StreamContracts;
import dev.cooperativetls.testkit.WrapperForm;

class PatchedStreamTest implements StreamContracts {

    @Override
    public WrapperForm form() {
        return WrapperForm.PATCHED;
    }
}

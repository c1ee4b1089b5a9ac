package dev.cooperativetls.wrapper;

import dev.cooperativetls.testkit.StreamContracts;
import dev.cooperativetls.testkit.WrapperForm;

class CooperativeStreamTest implements StreamContracts {

    @Override
    public WrapperForm form() {
        return WrapperForm.WRAPPED;
    }
}

package dev.cooperativetls.altprovider;

import dev.cooperativetls.testkit.StreamContracts;
import dev.cooperativetls.testkit.WrapperForm;

class BareStreamTest implements StreamContracts {

    @Override
    public WrapperForm form() {
        return WrapperForm.BARE;
    }
}

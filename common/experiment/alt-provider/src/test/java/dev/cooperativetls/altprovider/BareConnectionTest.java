package dev.cooperativetls.altprovider;

import dev.cooperativetls.testkit.ConnectionContracts;
import dev.cooperativetls.testkit.WrapperForm;

class BareConnectionTest implements ConnectionContracts {

    @Override
    public WrapperForm form() {
        return WrapperForm.BARE;
    }
}

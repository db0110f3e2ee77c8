use solana_sdk::signature::Signature;
use solana_transaction_status_client_types::{
    EncodedConfirmedTransactionWithStatusMeta, UiInstruction, option_serializer::OptionSerializer,
};

use crate::{Executed, InnerCall};

/// Resolves a node's encoded transaction into keys and bytes. The error says what the node left out or garbled.
pub(crate) fn executed(
    signature: Signature,
    found: EncodedConfirmedTransactionWithStatusMeta,
) -> Result<Executed, &'static str> {
    let transaction = found
        .transaction
        .transaction
        .decode()
        .ok_or("the transaction's bytes can not be decoded")?;
    let meta = found
        .transaction
        .meta
        .ok_or("the node keeps no details of this transaction")?;

    let mut accounts = transaction.message.static_account_keys().to_vec();
    if let OptionSerializer::Some(loaded) = &meta.loaded_addresses {
        for key in loaded.writable.iter().chain(&loaded.readonly) {
            accounts.push(key.parse().map_err(|_| "a loaded address is not base58")?);
        }
    }
    let account = |index: u8| {
        accounts
            .get(usize::from(index))
            .copied()
            .ok_or("an inner instruction names an account that is not there")
    };
    let mut inner = Vec::new();
    if let OptionSerializer::Some(groups) = meta.inner_instructions {
        for group in groups {
            for call in group.instructions {
                let UiInstruction::Compiled(call) = call else {
                    return Err("an inner instruction came parsed instead of raw");
                };
                inner.push(InnerCall {
                    outer: group.index,
                    program: account(call.program_id_index)?,
                    accounts: call
                        .accounts
                        .into_iter()
                        .map(account)
                        .collect::<Result<_, _>>()?,
                    data: bs58::decode(&call.data)
                        .into_vec()
                        .map_err(|_| "an inner instruction's data is not base58")?,
                });
            }
        }
    }
    Ok(Executed {
        signature,
        slot: found.slot,
        block_time: found.block_time,
        error: meta.err.map(Into::into),
        fee: meta.fee,
        compute_units: match meta.compute_units_consumed {
            OptionSerializer::Some(units) => units,
            OptionSerializer::None | OptionSerializer::Skip => 0,
        },
        logs: match meta.log_messages {
            OptionSerializer::Some(logs) => logs,
            OptionSerializer::None | OptionSerializer::Skip => Vec::new(),
        },
        accounts,
        transaction,
        inner,
    })
}
